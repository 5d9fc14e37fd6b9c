"""What the members say together: beliefs, forecasts, answers, moves, rival readings."""

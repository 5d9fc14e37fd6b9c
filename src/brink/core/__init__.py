"""Arrays and solvers. The only folder that touches the compiled kernel."""

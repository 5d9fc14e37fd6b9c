"""Assessment: the ensemble run, questions, explanations, sensitivity, ledger."""

"""One module a command: ``SUMMARY``, ``EXAMPLE``, ``add_arguments`` and ``run``.

A command module imports nothing heavy at the top: ``brink --help`` reads all of them.
"""

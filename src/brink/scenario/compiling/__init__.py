"""From a scenario to a tree: size, open paths, chances, numbering, labels."""

"""Every setting, what may be together, and where they are kept."""

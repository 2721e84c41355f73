"""The lab: what a developer of Headroom runs, and neither an installer nor an owner needs."""

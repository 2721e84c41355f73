"""What an installer or owner of a meter runs: the command `meter`. README.md lists the files."""

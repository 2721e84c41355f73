"""Host tools of Headroom: one command, `meter`."""

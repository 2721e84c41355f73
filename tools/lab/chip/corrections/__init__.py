"""What is mended in rp2040py 0.3.6: one fault a file, told in one sentence at its top.

Each stands by itself on the emulator's own classes, so that it can be offered to that project.
`chip.py` and the files beside it put them in.
"""

"""The circuits of boards/README.md, tried in ngspice at the worst of their parts."""

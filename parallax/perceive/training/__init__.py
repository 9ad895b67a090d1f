"""How the embedded network was trained. Never imported at run time; see models/README.md."""

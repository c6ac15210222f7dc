"""What a run came to, signed: an in-toto statement in a DSSE envelope, and who signed it as what."""

"""What a run came to, in the formats that other tools read. Each is made from the same evidence as the report."""

"""From scenarios and properties to a verdict for every line of a checklist."""

"""From a checklist to a mapping and features: all that the document says, and a mark where it says too little."""

"""What answers for the library's own operations, models, packs and derivatives."""

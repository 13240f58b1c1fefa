"""A repository read once into one parsed view that every finder and every look for hazards walks."""

"""The floor that knows every pillar: wiring, plan, run, acts."""

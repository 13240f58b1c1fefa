"""What the guidance asks: the catalogue of practices, profiles and crosswalks, as data."""

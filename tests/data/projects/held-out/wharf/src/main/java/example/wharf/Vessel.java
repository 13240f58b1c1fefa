package example.wharf;

/** A vessel, as its agent announced it. */
public record Vessel(String imo, String name, double length, double draught, String agent) {}

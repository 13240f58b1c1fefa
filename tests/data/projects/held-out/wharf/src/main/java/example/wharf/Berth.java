package example.wharf;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

@Entity
public class Berth {
    @Id
    private Long id;
    private String name;
    private double depth;

    public boolean fits(Vessel vessel, double tide) {
        return vessel.draught() + 0.5 < depth + tide;
    }
}

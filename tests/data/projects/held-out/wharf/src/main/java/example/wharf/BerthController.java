package example.wharf;

import java.util.List;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class BerthController {
    private final BerthRepository berths;

    BerthController(BerthRepository berths) {
        this.berths = berths;
    }

    @GetMapping("/berths")
    List<Berth> free(@RequestParam double draught, Model model) {
        model.addAttribute("draught", draught);
        return berths.findByDepthGreaterThan(draught);
    }
}

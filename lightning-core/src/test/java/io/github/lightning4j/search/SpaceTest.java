package io.github.lightning4j.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Mode;
import io.github.lightning4j.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SpaceTest {
    private record Config(double lr, int hidden, Mode mode, String name, boolean bias) {}

    private static final Config BASE = new Config(0.5, 7, Mode.MAX, "base", true);

    private static Space<Config> whole() {
        return Space.builder()
                .logUniform("lr", 1e-4, 1)
                .intRange("hidden", 3, 5)
                .choice("mode", (Object[]) Mode.values())
                .choice("name", "a", "b")
                .build(BASE);
    }

    @Test
    void draws_fillTheRangesEvenly() {
        Space<Config> space = whole();
        double[] decades = new double[4];
        Set<Integer> hidden = new HashSet<>();
        Set<Object> others = new HashSet<>();
        for (int trial = 0; trial < 1000; trial++) {
            Config config = space.config(space.draw(new Seeds(1), trial));
            decades[(int) Math.floor(Math.log10(config.lr()) + 4)]++;
            hidden.add(config.hidden());
            others.addAll(List.of(config.mode(), config.name()));
            assertThat(config.bias()).isTrue();
        }

        assertThat(Arrays.stream(decades)).allMatch(count -> count > 200 && count < 300);
        assertThat(hidden).containsExactlyInAnyOrder(3, 4, 5);
        assertThat(others).containsExactlyInAnyOrder(Mode.MIN, Mode.MAX, "a", "b");
    }

    @Test
    void aDraw_isAFunctionOfSeedAndTrial() {
        Space<Config> space = whole();

        assertThat(space.draw(new Seeds(1), 3).values())
                .isEqualTo(space.draw(new Seeds(1), 3).values());
        assertThat(space.draw(new Seeds(1), 3).values())
                .isNotEqualTo(space.draw(new Seeds(1), 4).values());
        assertThat(space.draw(new Seeds(1), 3).values())
                .isNotEqualTo(space.draw(new Seeds(2), 3).values());
    }

    @Test
    void grid_hasEveryCombination() {
        List<Config> grid = new ArrayList<>();
        Space<Config> space = whole();
        space.grid(3).forEach(point -> grid.add(space.config(point)));

        assertThat(grid).hasSize(3 * 3 * 2 * 2).doesNotHaveDuplicates();
        assertThat(grid.get(0)).isEqualTo(new Config(1e-4, 3, Mode.MIN, "a", true));
        assertThat(grid.get(1).name()).isEqualTo("b");
        assertThat(grid.get(12).lr()).isCloseTo(1e-2, within(1e-12));
        assertThat(grid.get(35)).isEqualTo(new Config(1, 5, Mode.MAX, "b", true));
        assertThat(Space.builder()
                        .intRange("n", 1, 2)
                        .uniform("x", 0, 2)
                        .buildWith(Point::values)
                        .grid(5))
                .hasSize(2 * 5);
        assertThat(Space.builder()
                        .uniform("x", 0, 2)
                        .buildWith(Point::values)
                        .grid(1)
                        .get(0)
                        .values())
                .isEqualTo(Map.of("x", 1.0));
    }

    @Test
    void aLambda_makesAnythingOfAPoint() {
        Space<String> space = Space.builder()
                .uniform("x", 1, 2)
                .intRange("n", 4, 4)
                .choice("size", List.of(1, 2))
                .buildWith(point -> point.number("x") + "/" + point.whole("n") + "/" + point.get("size", List.class));

        assertThat(space.config(space.grid(2).get(1))).isEqualTo("2.0/4/[1, 2]");
        assertThatThrownBy(() -> space.draw(new Seeds(1), 0).whole("x"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageMatching("The space has 1\\.\\d+ as 'x', which is no Integer\\.");
        assertThatThrownBy(() -> space.draw(new Seeds(1), 0).number("y"))
                .hasMessage("The space has no 'y'; it has [x, n, size].");
    }

    @Test
    void whatDoesNotFit_isRefusedWhenTheSpaceIsBuilt() {
        assertThatThrownBy(() -> Space.builder().uniform("lrr", 0, 1).build(BASE))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("The space has 'lrr', which is no component of " + Config.class.getName()
                        + "; it has [lr, hidden, mode, name, bias].");
        assertThatThrownBy(() -> Space.builder().uniform("hidden", 0, 1).build(BASE))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("The space does not fit " + Config.class.getName());
        assertThatThrownBy(() -> Space.builder().uniform("lr", 2, 1))
                .hasMessage("the least lr is 2.0, but it must be below" + " the greatest, which is 1.0.");
        assertThatThrownBy(() -> Space.builder().logUniform("lr", 0, 1)).hasMessageStartingWith("lr is 0.0");
        assertThatThrownBy(() -> Space.builder().intRange("n", 2, 1)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> Space.builder().choice("n")).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> Space.builder().choice("n", 1).choice("n", 2))
                .hasMessage("The space has a 'n' already; it has [n].");
        assertThatThrownBy(() -> Space.builder().build(BASE))
                .hasMessageStartingWith("The space has no hyperparameter.");
    }
}

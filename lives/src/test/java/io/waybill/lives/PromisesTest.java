package io.waybill.lives;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** The table of docs/exactly-once.md is what the checkers obey, so it must say something of each of them. */
final class PromisesTest {
    @Test
    void shouldReadTheTableOfTheDocument() {
        assertThatCode(() -> Promises.read(Searcher.document())).doesNotThrowAnyException();
    }

    @Test
    void shouldNotTakeATableForWholeThatMissesAPromise() throws IOException {
        String fewer = document().lines()
                .filter(line -> !line.startsWith("| `never-older`"))
                .reduce("", (all, line) -> all + line + "\n");
        assertThatIllegalArgumentException().isThrownBy(() -> Promises.parse(fewer)).withMessageContaining("rows of");
    }

    @Test
    void shouldRefuseAPromiseThatNothingChecks() throws IOException {
        String other = document().replace("`never-older`", "`always-newer`");
        assertThatIllegalArgumentException().isThrownBy(() -> Promises.parse(other))
                .withMessageContaining("always-newer");
    }

    @Test
    void shouldRefuseACellThatMeansNothing() throws IOException {
        String other = document().replace("one | yes |", "one | mostly |");
        assertThatIllegalArgumentException().isThrownBy(() -> Promises.parse(other));
    }

    private static String document() throws IOException {
        return Files.readString(Searcher.document());
    }
}

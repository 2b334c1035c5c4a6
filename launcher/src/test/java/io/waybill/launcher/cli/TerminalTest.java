package io.waybill.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.launcher.environment.Context;
import io.waybill.launcher.environment.GlobalOptions;
import io.waybill.launcher.terminal.Terminal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {
    private final Screen screen = new Screen(Path.of(""));
    private final GlobalOptions options = new GlobalOptions();

    private Terminal terminal() {
        return new Context(screen.environment(), options).terminal();
    }

    @Test
    void shouldUseNoColourWhereNobodyLooks() {
        assertThat(terminal().green("done")).isEqualTo("done");
    }

    @Test
    void shouldColourATerminal() {
        screen.thatIsTerminal();
        assertThat(terminal().green("done")).isEqualTo("\u001b[32mdone\u001b[0m");
    }

    @Test
    void shouldHonourNoColor() {
        screen.thatIsTerminal().with("NO_COLOR", "1");
        assertThat(terminal().green("done")).isEqualTo("done");
    }

    @Test
    void shouldHonourTheOption() {
        screen.thatIsTerminal();
        options.noColor = true;
        assertThat(terminal().green("done")).isEqualTo("done");
    }

    @Test
    void shouldKeepNotesOutOfJson() {
        options.json = true;
        Terminal terminal = terminal();
        terminal.note("starting");
        terminal.result(Map.of("files", 3));
        assertThat(screen.out()).isEqualTo("{\"files\":3}" + System.lineSeparator());
        assertThat(screen.err()).isEqualTo("starting" + System.lineSeparator());
    }

    @Test
    void shouldNotMoveWhereNobodyLooks() {
        terminal().moving("50%");
        assertThat(screen.out()).isEmpty();
    }

    @Test
    void shouldPrintLinesAboveTheMovingOne() {
        screen.thatIsTerminal();
        Terminal terminal = terminal();
        terminal.moving("50%");
        terminal.note("a line");
        terminal.moving("");
        assertThat(screen.out())
                .isEqualTo("\r\u001b[K50%\r\u001b[Ka line" + System.lineSeparator() + "50%\r\u001b[K");
    }

    /** Each of these characters is as wide as two others. A line that the screen breaks would be left over in the next frame. */
    @Test
    void shouldReplaceAFrameWithLinesThatAreWiderThanTheySeem() {
        screen.withColumns(20);
        Terminal terminal = terminal();
        String end = System.lineSeparator();

        terminal.frame(List.of("\u30c7\u30fc\u30bf\u30c7\u30fc\u30bf\u30c7\u30fc\u30bf\u30c7\u30fc\u30bf"));
        terminal.frame(List.of("done"));

        assertThat(screen.out()).startsWith("\u001b[?7l\u30c7")
                .endsWith(end + "\u001b[?7h\u001b[1A\r\u001b[J\u001b[?7ldone" + end + "\u001b[?7h");
    }

    @Test
    void shouldNotLetANameCommandTheTerminal() {
        terminal().result("a\u001b[2J\u202eb");
        assertThat(screen.out()).isEqualTo("a\\u001b[2J\\u202eb" + System.lineSeparator());
    }

    @Test
    void shouldKeepItsOwnColoursWhereANameHasOthers() {
        screen.thatIsTerminal();
        Terminal terminal = terminal();
        terminal.result(terminal.red("FAULT") + " \u001b[2J\u001b]0;x\u0007");
        assertThat(screen.out())
                .isEqualTo("\u001b[31mFAULT\u001b[0m \\u001b[2J\\u001b]0;x\\u0007" + System.lineSeparator());
    }
}

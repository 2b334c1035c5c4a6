package io.waybill.launcher.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What anybody wrote as a reason, in somebody's spreadsheet. */
final class CsvTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                    "plain               | plain",
                    "=1+1                | '=1+1",
                    "+49 30 1            | '+49 30 1",
                    "-1                  | '-1",
                    "@SUM(A1)            | '@SUM(A1)",
                    "a=b                 | a=b",
                    "room; =1+1          | room;' =1+1",
                    "a;@SUM(A1);-2       | a;'@SUM(A1);'-2",
                    "\uff1d1+1            | '\uff1d1+1",
                    "\uff0b1;\uff0d1;\uff201   | '\uff0b1;'\uff0d1;'\uff201",
                    "/in/a.csv; b        | /in/a.csv; b",
                    "a, b                | \"a, b\"",
                    "say \"no\"          | \"say \"\"no\"\"\"",
                    "=HYPERLINK(\"x\",1) | \"'=HYPERLINK(\"\"x\"\",1)\""
            })
    void shouldBeTakenForTextAndNothingElse(String text, String cell) {
        assertThat(Csv.cell(text)).isEqualTo(cell);
    }

    @Test
    void shouldShowControlCharacters() {
        assertThat(Csv.line("a\nb", "\u001b[31m", "", "\t=1")).isEqualTo("a\\nb,\\u001b[31m,,\\t=1");
    }
}

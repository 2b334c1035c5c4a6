package io.waybill.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RemotePathTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                    "",
                    "a",
                    "a/b",
                    "/",
                    "//",
                    "//a",
                    "/a/",
                    "/a//b",
                    "/.",
                    "/a/./b",
                    "/..",
                    "/a/../b",
                    "/a/..",
                    "/a\\..\\b",
                    "/..\\b",
                    "/a\\",
                    "/\\\\server\\share",
                    "/a\u0000b",
                    "/a\nb",
                    "/a\u007fb",
                    "/a\u0085b",
                    "/a\ud800b",
                    "/a\udc00",
            })
    void shouldRefuseWhatIsNotCanonicalOrNotSafe(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RemotePath(text))
                .withMessageStartingWith("not a canonical remote path: ")
                .satisfies(refused -> assertThat(refused.getMessage().codePoints())
                        .noneMatch(RemotePath::unsafe));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a", "/a/b", "/...", "/.hidden", "/a..b", "/ ", "/a\\b", "/März/€ 𝄞", "/a*?%s{}"})
    void shouldTakeWhateverNamesNoOtherPlace(String text) {
        assertThat(new RemotePath(text)).hasToString(text);
    }

    @Test
    void shouldEndAtTheLongestPathThatServersTake() {
        String longest = "/" + "a".repeat(RemotePath.MAX_LENGTH - 1);

        assertThat(new RemotePath(longest).value()).hasSize(4096);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RemotePath(longest + "a"))
                .withMessageContaining("4097 characters, more than 4096");
    }

    @ParameterizedTest
    @CsvSource({"/a, /, a, /b", "/x/a, /x, a, /x/b", "/x/y/a.csv, /x/y, a.csv, /x/y/b"})
    void shouldTakeApart(String path, String directory, String name, String sibling) {
        var remote = new RemotePath(path);

        assertThat(remote.directory()).isEqualTo(directory);
        assertThat(remote.name()).isEqualTo(name);
        assertThat(remote.sibling("b")).hasToString(sibling);
    }

    @Test
    void shouldNotLetASiblingLeaveTheDirectory() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RemotePath("/a/b").sibling("../c"));
    }
}

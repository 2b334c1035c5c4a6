package io.waybill.runtime.config;

import java.util.function.Function;

/**
 * A section of the configuration that one service alone reads. The service declares the keys, turns them into settings
 * of its own type, and names the section in its registration. {@link WaybillConfig#of} gives it what was read.
 *
 * @param keys   a section at the top level of the file
 * @param reader makes the settings; if the value of a key is wrong, reading continues with the key's default
 */
public record OwnSection<T>(Section keys, Function<SectionReader, T> reader) {}

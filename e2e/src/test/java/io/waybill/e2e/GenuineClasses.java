package io.waybill.e2e;

import java.io.IOException;
import java.io.InputStream;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.commons.ClassRemapper;
import net.bytebuddy.jar.asm.commons.Remapper;

/**
 * Confluent's classes under their own names, over our Avro: undoes the renaming of the jar that carries them, which is
 * the only one on Maven Central.
 */
final class GenuineClasses extends ClassLoader {
    private static final String SHADE = "org/apache/pulsar/kafka/shade/";

    GenuineClasses() {
        super(GenuineClasses.class.getClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        String path = SHADE + name.replace('.', '/') + ".class";
        try (InputStream file = getParent().getResourceAsStream(path)) {
            if (file == null || !name.startsWith("io.confluent.")) {
                throw new ClassNotFoundException(name);
            }
            var writer = new ClassWriter(0);
            new ClassReader(file).accept(new ClassRemapper(writer, new Unshading()), 0);
            byte[] bytes = writer.toByteArray();
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    private static final class Unshading extends Remapper {
        Unshading() {
            super(Opcodes.ASM9);
        }

        @Override
        public String map(String internalName) {
            if (internalName.startsWith(SHADE + "io/confluent/")) {
                return internalName.substring(SHADE.length());
            }
            return internalName.startsWith(SHADE + "avro/")
                    ? "org/apache/" + internalName.substring(SHADE.length())
                    : internalName;
        }
    }
}

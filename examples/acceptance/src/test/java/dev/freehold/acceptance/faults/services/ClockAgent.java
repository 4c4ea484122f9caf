package dev.freehold.acceptance.faults.services;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.ClassWriter;
import org.springframework.asm.Handle;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;
import org.springframework.asm.SpringAsmInfo;

/**
 * Puts the clock of a JVM forward or back: calls that ask the JDK for the time of day, in all classes of the application and
 * its libraries, go to {@link ShiftedClock}. The JDK itself, and what only tells elapsed time, stays as it is.
 */
public final class ClockAgent implements ClassFileTransformer {

    private static final String SHIFTED = "dev/freehold/acceptance/faults/services/ShiftedClock";
    private static final Map<String, Set<String>> CALLS = Map.of(
            "java/lang/System", Set.of("currentTimeMillis()J"),
            "java/time/Instant", Set.of("now()Ljava/time/Instant;"),
            "java/time/Clock", Set.of("systemUTC()Ljava/time/Clock;", "systemDefaultZone()Ljava/time/Clock;"));

    private ClockAgent() {}

    /** Called by the JVM before {@code main}, with the shift such as {@code PT-5M}. */
    public static void premain(String shift, Instrumentation instrumentation) {
        ShiftedClock.shift(Duration.parse(shift));
        instrumentation.addTransformer(new ClockAgent());
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            String name,
            @Nullable Class<?> redefined,
            @Nullable ProtectionDomain domain,
            byte[] bytes) {
        if (loader != ClassLoader.getSystemClassLoader() || SHIFTED.equals(name)) {
            return null;
        }
        ClassReader reader = new ClassReader(bytes);
        ClassWriter writer = new ClassWriter(reader, 0);
        Redirection redirection = new Redirection(writer);
        reader.accept(redirection, 0);
        return redirection.found ? writer.toByteArray() : null;
    }

    /** Copies a class, calls of clocks aside. */
    private static final class Redirection extends ClassVisitor {

        private boolean found;

        Redirection(ClassWriter copy) {
            super(SpringAsmInfo.ASM_VERSION, copy);
        }

        @Override
        public MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            return new Calls(super.visitMethod(access, name, descriptor, signature, exceptions));
        }

        private boolean isClock(String owner, String name, String descriptor) {
            boolean clock = CALLS.getOrDefault(owner, Set.of()).contains(name + descriptor);
            found |= clock;
            return clock;
        }

        /** The calls in one method, also those by reference, as in {@code System::currentTimeMillis}. */
        private final class Calls extends MethodVisitor {

            Calls(MethodVisitor copy) {
                super(SpringAsmInfo.ASM_VERSION, copy);
            }

            @Override
            public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
                boolean clock = opcode == Opcodes.INVOKESTATIC && isClock(owner, name, descriptor);
                super.visitMethodInsn(opcode, clock ? SHIFTED : owner, name, descriptor, isInterface);
            }

            @Override
            public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
                Object[] redirected = arguments.clone();
                for (int n = 0; n < redirected.length; n++) {
                    if (redirected[n] instanceof Handle handle
                            && isClock(handle.getOwner(), handle.getName(), handle.getDesc())) {
                        redirected[n] = new Handle(handle.getTag(), SHIFTED, handle.getName(), handle.getDesc(), false);
                    }
                }
                super.visitInvokeDynamicInsn(name, descriptor, bootstrap, redirected);
            }
        }
    }
}

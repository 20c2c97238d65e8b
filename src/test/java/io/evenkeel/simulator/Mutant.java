package io.evenkeel.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/// The whole of Evenkeel, loaded once more with one deliberate fault in it.
///
/// @param type the class that has it
/// @param method the method that has it
/// @param change what of its code is replaced by what
record Mutant(String type, String method, Change change) {

  /// What is wrong.
  sealed interface Change {
    /// A call that is not made; what it would give is 0, false or null.
    record Without(String called) implements Change {}

    /// Another text.
    record Text(String from, String to) implements Change {}
  }

  /// Finds out whether the simulator notices within so many seeds.
  ///
  /// @return the first seed that fails, or −1
  long firstFailure(int seeds) throws ReflectiveOperationException {
    var run =
        new Loader(this)
            .loadClass(Simulation.class.getName())
            .getDeclaredMethod("firstFailure", int.class);
    run.setAccessible(true);
    return (long) run.invoke(null, seeds);
  }

  /// The same for replicas.
  ///
  /// @param url of a database that belongs to the simulator
  long firstFailure(int seeds, String url) throws ReflectiveOperationException {
    var run =
        new Loader(this)
            .loadClass(ReplicaSimulation.class.getName())
            .getDeclaredMethod("firstFailure", int.class, String.class);
    run.setAccessible(true);
    return (long) run.invoke(null, seeds, url);
  }

  private byte[] changed(byte[] bytes) {
    boolean[] found = {false};
    ClassFile files = ClassFile.of();
    ClassModel model = files.parse(bytes);
    CodeTransform code =
        (builder, element) -> {
          if (isMeant(element)) {
            found[0] = true;
            replace(builder, element);
          } else {
            builder.with(element);
          }
        };
    byte[] result =
        files.transformClass(model, ClassTransform.transformingMethodBodies(this::isMeant, code));
    if (!found[0]) {
      throw new IllegalStateException("there is nothing to change: " + this);
    }
    return result;
  }

  private boolean isMeant(MethodModel candidate) {
    return candidate.methodName().equalsString(method);
  }

  private boolean isMeant(CodeElement element) {
    return switch (change) {
      case Change.Without(var called) ->
          element instanceof InvokeInstruction call && call.name().equalsString(called);
      case Change.Text(var from, _) ->
          element instanceof ConstantInstruction constant
              && constant.constantValue() instanceof String text
              && text.contains(from);
    };
  }

  private void replace(CodeBuilder builder, CodeElement element) {
    switch (element) {
      case InvokeInstruction call -> leaveOut(builder, call);
      case ConstantInstruction constant when change instanceof Change.Text(var from, var to) ->
          builder.loadConstant(((String) constant.constantValue()).replace(from, to));
      default -> throw new IllegalStateException("not to be changed: " + element);
    }
  }

  private static void leaveOut(CodeBuilder builder, InvokeInstruction call) {
    MethodTypeDesc type = call.typeSymbol();
    for (ClassDesc parameter : type.parameterList().reversed()) {
      pop(builder, parameter);
    }
    if (call.opcode() != Opcode.INVOKESTATIC) {
      builder.pop();
    }
    switch (TypeKind.from(type.returnType()).asLoadable()) {
      case VOID -> {}
      case INT -> builder.iconst_0();
      case LONG -> builder.lconst_0();
      case FLOAT -> builder.fconst_0();
      case DOUBLE -> builder.dconst_0();
      default -> builder.aconst_null();
    }
  }

  private static void pop(CodeBuilder builder, ClassDesc type) {
    if (TypeKind.from(type).slotSize() == 2) {
      builder.pop2();
    } else {
      builder.pop();
    }
  }

  /// Loads every class of ours anew, and everything else as it is.
  private static final class Loader extends ClassLoader {
    private final Mutant mutant;

    Loader(Mutant mutant) {
      super(Mutant.class.getClassLoader());
      this.mutant = mutant;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("io.evenkeel.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? define(name) : loaded;
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (file == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = file.readAllBytes();
        byte[] wanted = name.equals(mutant.type) ? mutant.changed(bytes) : bytes;
        return defineClass(name, wanted, 0, wanted.length);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}

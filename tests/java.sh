# Sourced by the commands in this folder: builds the tests and runs their main classes with the JVM flags of the product.
. "$root/tools/jdk.sh"
find_jdk || {
    jdk_missing tests
    exit 1
}

# Compiles everything and leaves the class path in tests/target/class-path.
build_tests() {
    "$root/mvnw" -q -B -f "$root/pom.xml" -pl tests -am test-compile -Dformat.skip=true \
        dependency:build-classpath -Dmdep.outputFile=target/class-path -Dmdep.includeScope=test
}

run_test_class() { # CLASS ARGUMENTS...
    main=$1
    shift
    "$JDK/bin/java" -XX:+IgnoreUnrecognizedVMOptions --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
        -XX:+UseParallelGC -XX:MaxNewSize=1g -XX:+UseTransparentHugePages -XX:ObjectAlignmentInBytes=64 -XX:-UseFPUForSpilling \
        -Xmx3g ${HOAG_OPTS:-} -cp "$root/tests/target/test-classes:$(cat "$root/tests/target/class-path")" "$main" "$@"
}

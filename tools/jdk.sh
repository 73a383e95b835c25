# Sourced by the scripts of this repository: finds a JDK that can run and build Hoag.
# find_jdk sets JDK to the home of the first JDK of release 25 or newer and returns 0, or returns 1 with SEEN saying what was there.

JDK_WANTED=25

jdk_release() { # HOME -> prints the feature release (25), or nothing
    [ -x "$1/bin/java" ] || return 0
    version=
    if [ -r "$1/release" ]; then
        version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
    fi
    [ -n "$version" ] || version=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
    printf '%s' "$version"
}

jdk_fits() { # HOME -> sets JDK
    case $1 in '' | *'*'*) return 1 ;; esac
    release=$(jdk_release "$1")
    [ -n "$release" ] || return 1
    if [ "$release" -ge $JDK_WANTED ] && [ -x "$1/bin/javac" ]; then
        JDK=$1
        return 0
    fi
    [ -x "$1/bin/javac" ] || release="$release without javac"
    SEEN="${SEEN:+$SEEN, }Java $release in $1"
    return 1
}

java_on_path() { # prints the home that `java` on the PATH belongs to
    java=$(command -v java 2>/dev/null) || return 0
    java=$(readlink -f "$java" 2>/dev/null) || return 0
    java=${java%/bin/java}
    [ -d "$java" ] && printf '%s' "$java"
}

find_jdk() {
    JDK= SEEN=
    jdk_fits "${JAVA_HOME:-}" && return 0
    jdk_fits "$(java_on_path)" && return 0
    for home in /usr/lib/jvm/* /opt/*jdk* /opt/*java* "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/* "$HOME"/.jdks/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
        [ -d "$home" ] && [ ! -L "$home" ] && jdk_fits "$home" && return 0
    done
    return 1
}

jdk_missing() { # NAME -> one line on stderr: what is missing, what is there, the cure
    echo "$1: needs a JDK $JDK_WANTED or newer (found: ${SEEN:-no Java at all}); install one (Debian: apt install openjdk-25-jdk or temurin-25-jdk," \
        "macOS: brew install openjdk@25, anywhere: sdk install java 25-tem) or set JAVA_HOME to it" >&2
}

#!/usr/bin/env bash
# venue-ffi/install.sh PREFIX: builds the C library and installs it below PREFIX, for compilers and pkg-config to find:
# include/venue.h, lib/libvenue.so.1 and libvenue.a, lib/pkgconfig/venue.pc. LIBDIR (PREFIX/lib) says where libraries
# go, DESTDIR where a packager collects files. It needs Rust, a C compiler and binutils, on Linux.
set -euo pipefail

prefix="${1:?venue-ffi/install.sh PREFIX}"
case "$prefix" in /*) ;; *) prefix="$PWD/$prefix" ;; esac
libdir="${LIBDIR:-$prefix/lib}"
package="$(cd "$(dirname "$0")" && pwd)"
cd "$package/.."

cargo build --locked --release -p venue-ffi
built="${CARGO_TARGET_DIR:-target}/release"
version="$(cargo pkgid -p venue-ffi)"
version="${version##*[#@]}"
abi="$(sed -n 's/^#define VENUE_ABI_VERSION //p' "$package/include/venue.h")"
# As cargo-c names it. Programs look for the name with the interface's number alone.
shared="libvenue.so.$abi.0.0"

scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT

# The archive that Rust makes has SQLite's names in it, and those of Rust's own library: a program with another SQLite
# could not be linked. So all of it becomes one object, in which only our names are known to others. What LLVM left for
# optimising later goes, because `ar` cannot read it. So does what only a debugger reads: four fifths of both libraries.
ld -r --whole-archive "$built/libvenue.a" -o "$scratch/venue.o"
objcopy --strip-debug --wildcard --keep-global-symbol='venue_*' --remove-section=.llvmbc --remove-section=.llvmcmd "$scratch/venue.o"
objcopy --strip-debug "$built/libvenue.so" "$scratch/libvenue.so"
ar rcsD "$scratch/libvenue.a" "$scratch/venue.o"

cat >"$scratch/venue.pc" <<PC
prefix=$prefix
libdir=$libdir
includedir=\${prefix}/include
archive=\${libdir}/libvenue.a

Name: venue
Description: The embeddable booking engine
Version: $version
Libs: -L\${libdir} -lvenue
Libs.private: -pthread -lgcc_s -lm -ldl
Cflags: -I\${includedir}
PC

into="${DESTDIR:-}"
install -d "$into$prefix/include" "$into$libdir/pkgconfig"
install -m 644 "$package/include/venue.h" "$into$prefix/include/venue.h"
install -m 644 "$scratch/venue.pc" "$into$libdir/pkgconfig/venue.pc"
install -m 644 "$scratch/libvenue.a" "$into$libdir/libvenue.a"
install -m 755 "$scratch/libvenue.so" "$into$libdir/$shared"
ln -sf "$shared" "$into$libdir/libvenue.so.$abi"
ln -sf "$shared" "$into$libdir/libvenue.so"
echo "installed $shared, libvenue.a, venue.h and venue.pc below $into$prefix"

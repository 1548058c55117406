"""What programs of a sanitizer build need to run in tests; read by both lit configurations."""
import os

if config.stas_sanitizers:
    config.environment["ASAN_OPTIONS"] = ":".join([
        # libMLIR and libLLVM come without instrumentation. A container or arena that inline code of ours and compiled code
        # of theirs both touch is marked by one and not by the other.
        "detect_container_overflow=0",
        "allow_user_poisoning=0",
    ])
    leaks = os.path.join(config.stas_source_dir, "test", "leaks.txt")
    config.environment["LSAN_OPTIONS"] = "suppressions=" + leaks + ":print_suppressions=0"
    config.environment["UBSAN_OPTIONS"] = "print_stacktrace=1"

// How much of a random or enumerated comparison a build repeats. Release builds do all of it; under a sanitizer, whose
// question is what the code does to memory and not whether it answers right, a share of the same cases is enough: with all
// of them the sanitized tests took longer than everything else together.
#pragma once

namespace imspect::tests {

#ifdef IMSPECT_SANITIZED
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

/// The number of cases to run: `all`, or one in `share` of them under a sanitizer.
constexpr unsigned cases(unsigned all, unsigned share) { return kSanitized ? all / share : all; }

/// Whether the case of this number is among those to run: all, or every `share`-th under a sanitizer.
constexpr bool in_share(unsigned number, unsigned share) { return !kSanitized || number % share == 0; }

}  // namespace imspect::tests

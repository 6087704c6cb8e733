// The beginnings of a registration of ue1 as impu1 by scscf1, rule by rule, for runs that go on in their own way. Thread-safety: pure.
#pragma once

#include <string>
#include <vector>

namespace imspect::tests {

using RuleNames = std::vector<std::string>;

/// The HSS has given the vectors.
[[nodiscard]] RuleNames up_to_vectors();
/// SM6 is on its way to the UE.
[[nodiscard]] RuleNames up_to_challenge();
/// The HSS has set the flag to registered.
[[nodiscard]] RuleNames up_to_registered();
[[nodiscard]] RuleNames then(RuleNames first, const RuleNames& more);

}  // namespace imspect::tests

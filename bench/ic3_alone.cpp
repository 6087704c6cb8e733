// IC3 alone, on one property at a time: what it says of the circuit that `export --to aiger` writes, and in how long.
//
// usage: ic3_alone (--scenario NAME | --model FILE) PROPERTY...
// A line each: property, what came out, seconds of processor time, queries, clauses, seconds for Z3's proof of them.
// Beside `check --engine ic3` there are no questions about bounds here, no learning from states, and no other process.
#include <ctime>
#include <fstream>
#include <iostream>
#include <sstream>

#include <fmt/format.h>

#include "checker/check.h"
#include "checker/symbolic/certificate.h"
#include "checker/symbolic/ic3.h"

using namespace imspect;

namespace {

template <typename T>
T or_exit(Result<T> result) {
    if (result.ok()) return std::move(result).value();
    std::cerr << result.error().text() << "\n";
    std::exit(2);
}

double seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

void answer(const checker::Question& question, std::size_t at) {
    symbolic::Machine machine = or_exit(symbolic::translate(question.ground, &question.observers[at], symbolic::StateCode::kDirect));
    const double started = seconds();
    const symbolic::Slice slice = symbolic::slice_for(machine, machine.observed[0]);
    const symbolic::Finding finding = symbolic::ic3(machine, slice, {}, [&](std::uint32_t depth) {
        if (std::getenv("IC3_ALONE_DEPTHS") != nullptr) std::cerr << depth << " after " << seconds() - started << " s\n";
    });
    const double decided = seconds();
    std::string said = "undecided";
    if (finding.kind == symbolic::Finding::Kind::kReached) said = "violated";
    if (finding.kind == symbolic::Finding::Kind::kUnreachable) {
        symbolic::Slice plain = slice;
        plain.shape.clear();
        const auto wrong = symbolic::refute(machine, plain, finding.certificate);
        said = wrong ? "NOT PROVED AGAIN: " + *wrong : "holds";
    }
    fmt::print("{} {} {:.3f} {} {} {:.3f}\n", question.observers[at].id, said, decided - started, finding.queries,
               finding.certificate.excluded.size(), seconds() - decided);
    std::cout.flush();
}

}  // namespace

int main(int count, char** words) {
    const std::vector<std::string> arguments(words + 1, words + count);
    if (arguments.size() < 3) {
        std::cerr << "usage: ic3_alone (--scenario NAME | --model FILE) PROPERTY...\n";
        return 2;
    }
    checker::CheckRequest request;
    if (arguments[0] == "--model") {
        std::ostringstream text;
        text << std::ifstream(arguments[1]).rdbuf();
        request.model.model_text = checker::Text{arguments[1], text.str()};
    } else {
        request.model.scenario = arguments[1];
    }
    request.property_ids.assign(arguments.begin() + 2, arguments.end());
    const checker::Question question = or_exit(checker::pose(request));
    for (std::size_t i = 0; i < question.observers.size(); ++i) answer(question, i);
}

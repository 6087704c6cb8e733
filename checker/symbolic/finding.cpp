#include "checker/symbolic/finding.h"

namespace imspect::symbolic {

namespace {

class Reader {
public:
    explicit Reader(const Words& words) : words_(words) {}
    std::uint32_t word() { return words_.at(next_++); }

private:
    const Words& words_;
    std::size_t next_ = 0;
};

}  // namespace

Words pack(const Finding& finding) {
    Words words = {static_cast<std::uint32_t>(finding.kind), finding.depth, static_cast<std::uint32_t>(finding.queries),
                   static_cast<std::uint32_t>(finding.reason.size())};
    for (const char c : finding.reason) words.push_back(static_cast<unsigned char>(c));
    words.push_back(static_cast<std::uint32_t>(finding.rules.size()));
    words.insert(words.end(), finding.rules.begin(), finding.rules.end());
    words.push_back(finding.certificate.depth);
    words.push_back(finding.certificate.simple_path ? 1 : 0);
    words.push_back(static_cast<std::uint32_t>(finding.certificate.excluded.size()));
    for (const Cube& cube : finding.certificate.excluded) {
        words.push_back(static_cast<std::uint32_t>(cube.size()));
        for (const std::int32_t literal : cube) words.push_back(static_cast<std::uint32_t>(literal));
    }
    return words;
}

Finding unpack(const Words& words) {
    Reader reader(words);
    Finding finding;
    finding.kind = static_cast<Finding::Kind>(reader.word());
    finding.depth = reader.word();
    finding.queries = reader.word();
    finding.reason.resize(reader.word());
    for (char& c : finding.reason) c = static_cast<char>(reader.word());
    finding.rules.resize(reader.word());
    for (std::uint32_t& rule : finding.rules) rule = reader.word();
    finding.certificate.depth = reader.word();
    finding.certificate.simple_path = reader.word() != 0;
    finding.certificate.excluded.resize(reader.word());
    for (Cube& cube : finding.certificate.excluded) {
        cube.resize(reader.word());
        for (std::int32_t& literal : cube) literal = static_cast<std::int32_t>(reader.word());
    }
    return finding;
}

}  // namespace imspect::symbolic

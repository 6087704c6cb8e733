// A capture of the lab, audited as `imspect audit` does it. Thread-safety: pure.
#pragma once

#include <string>
#include <vector>

#include "traces/conform/auditor.h"
#include "traces/synthesize/synthesize.h"

namespace imspect::tests {

/// Fails the test where the file can't be read.
conform::AuditAnswer audit_capture(const std::string& path, conform::AuditOptions options = {});
/// The same of the octets of a capture.
conform::AuditAnswer audit_octets(const std::string& pcap, conform::AuditOptions options = {});
/// Of captures taken on hosts, each of which is told to the audit. By way of temporary files.
conform::AuditAnswer audit_hosts(const std::vector<synthesize::HostCapture>& hosts, conform::AuditOptions options = {});
/// "kind clause clause | 3 4 5": what a finding says, in one line.
std::string line_of(const conform::Finding& finding);

}  // namespace imspect::tests

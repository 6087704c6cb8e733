#include "checker/portfolio.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <memory>
#include <new>
#include <thread>

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/poll.h>
#include <unistd.h>

#include "checker/outcome_words.h"

namespace imspect::checker {

namespace {

using monitor::Observer;
using monitor::ObserverKind;
using outcome::CheckAnswer;
using outcome::PropertyOutcome;
using outcome::Verdict;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPoll{20};
constexpr std::uint64_t kShareOfMemory = 8;
constexpr int kLowestPriority = 19;
constexpr double kTimeToTell = 2;  ///< for what is known, once the engines are told to finish

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// What the processes of a portfolio tell each other at once, in memory that they share.
class Board {
public:
    explicit Board(std::size_t properties) : count_(properties + 2) {
        void* memory = ::mmap(nullptr, bytes(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) return;
        flags_ = static_cast<std::atomic<bool>*>(memory);
        for (std::size_t i = 0; i < count_; ++i) new (flags_ + i) std::atomic<bool>(false);
    }
    ~Board() {
        if (flags_ != nullptr) ::munmap(flags_, bytes());
    }
    Board(const Board&) = delete;
    Board& operator=(const Board&) = delete;

    [[nodiscard]] bool usable() const { return flags_ != nullptr; }
    [[nodiscard]] std::atomic<bool>& begin() const { return flags_[0]; }   ///< do not wait any longer
    [[nodiscard]] std::atomic<bool>& finish() const { return flags_[1]; }  ///< tell what you know
    [[nodiscard]] std::atomic<bool>* answered() const { return flags_ + 2; }

private:
    [[nodiscard]] std::size_t bytes() const { return count_ * sizeof(std::atomic<bool>); }
    static_assert(std::atomic<bool>::is_always_lock_free);
    std::size_t count_;
    std::atomic<bool>* flags_ = nullptr;
};

bool open(const PropertyOutcome& property) { return property.verdict == Verdict::kUnknown; }

/// The process beside the search, and what it does there.
class Helpers {
public:
    Helpers(const ir::GroundSystem& system, const std::vector<Observer>& observers, const PortfolioOptions& options, const Board& board)
        : system_(system), observers_(observers), options_(options), board_(board),
          process_([this](const symbolic::TellDepth&) { return work(); }, {}) {}

    [[nodiscard]] bool running() const { return process_.running(); }
    /// Waits for news, for as long as one poll.
    void wait() {
        if (!process_.running()) {
            std::this_thread::sleep_for(kPoll);
            return;
        }
        pollfd polled{process_.pipe(), POLLIN, 0};
        if (::poll(&polled, 1, static_cast<int>(kPoll.count())) > 0) process_.read_some();
    }
    /// What they said, onto properties that have their ids; false if they said nothing.
    bool take(std::vector<PropertyOutcome>& properties) {
        const symbolic::Ending ending = process_.take();
        if (!ending.answer || ending.answer->empty()) return false;
        unpack(*ending.answer, properties);
        return true;
    }

private:
    symbolic::Words work() const {
        const auto started = Clock::now();
        const bool beside = options_.search.threads > 1;
        while (!board_.begin().load() && !(beside && seconds_since(started) > options_.head_start)) {
            if (board_.finish().load()) return {};
            std::this_thread::sleep_for(kPoll);
        }
        if (::nice(kLowestPriority) == -1) return {};  // rather no help than a slower search
        symbolic::IsolationLimits limits;
        limits.at_once = 2;
        const std::vector<symbolic::Ending> endings = symbolic::run_isolated({task(symbolic::Method::kBmc), task(symbolic::Method::kIc3)}, limits);
        std::vector<PropertyOutcome> best(observers_.size() + 2);
        for (const symbolic::Ending& ending : endings) {
            std::vector<PropertyOutcome> said(best.size());
            if (ending.answer && !ending.answer->empty()) unpack(*ending.answer, said);
            for (std::size_t i = 0; i < best.size(); ++i) {
                if (open(best[i]) && !open(said[i])) best[i] = std::move(said[i]);
            }
        }
        return pack(best);
    }
    [[nodiscard]] symbolic::Task task(symbolic::Method method) const {
        return [this, method](const symbolic::TellDepth&) {
            symbolic::ProofOptions proof = options_.proof;
            proof.method = method;
            proof.processes = 1;
            proof.leads_to = false;
            proof.memory_bytes = options_.search.memory_bytes / kShareOfMemory;
            proof.learn_beyond = std::numeric_limits<std::size_t>::max();
            proof.interrupt = &board_.finish();
            proof.answered = board_.answered();
            const auto answer = symbolic::prove(system_, observers_, proof);
            return answer ? pack(answer.value().answer.properties) : symbolic::Words{};
        };
    }

    const ir::GroundSystem& system_;
    const std::vector<Observer>& observers_;
    const PortfolioOptions& options_;
    const Board& board_;
    symbolic::IsolatedProcess process_;
};

class Portfolio {
public:
    Portfolio(const ir::GroundSystem& system, const std::vector<Observer>& observers, const PortfolioOptions& options, bool with_help)
        : system_(system), observers_(observers), options_(options), board_(observers.size() + 2) {
        if (with_help && board_.usable()) helpers_ = std::make_unique<Helpers>(system, observers, options, board_);
    }

    Result<CheckAnswer> run() {
        Result<CheckAnswer> searched = search_beside();
        if (!searched) return searched;
        CheckAnswer answer = std::move(searched).value();
        if (late_) say_late(answer);
        if (!helpers_ || answer.ended.empty() || !can_be_helped(answer)) return answer;
        if (helpers_->running()) wait_for_helpers(answer);
        merge(answer);
        answer.statistics.seconds = seconds_since(started_);
        return answer;
    }

private:
    [[nodiscard]] bool interrupted() const { return options_.search.interrupted(); }
    [[nodiscard]] bool time_is_over() const { return options_.seconds > 0 && seconds_since(started_) > options_.seconds; }
    [[nodiscard]] bool can_be_helped(const CheckAnswer& answer) const {
        for (std::size_t i = 0; i < answer.properties.size(); ++i) {
            const bool leads_to = i < observers_.size() && observers_[i].kind == ObserverKind::kLeadsTo;
            if (asked(i) && !leads_to && open(answer.properties[i])) return true;
        }
        return false;
    }
    [[nodiscard]] bool all_answered() const {
        for (std::size_t i = 0; i < observers_.size() + 2; ++i) {
            if (asked(i) && !board_.answered()[i].load()) return false;
        }
        return true;
    }
    /// Whether the property has to be answered for the search to be needless: a leads-to always has.
    [[nodiscard]] bool asked(std::size_t property) const {
        if (property < observers_.size()) return observers_[property].kind != ObserverKind::kAutomatic;
        return property == observers_.size() ? options_.proof.deadlock : options_.proof.unspecified;
    }

    /// The search, with a thread that watches what may end it.
    Result<CheckAnswer> search_beside() {
        std::atomic<bool> stop = false;
        std::atomic<bool> done = false;
        std::thread watcher([&] {
            while (!done.load()) {
                if (helpers_) helpers_->wait();
                else std::this_thread::sleep_for(kPoll);
                late_ = late_ || time_is_over();
                const bool needless = helpers_ && !helpers_->running() && all_answered();
                if (interrupted() || late_ || needless) stop.store(true);
            }
        });
        explore::SearchOptions search = options_.search;
        search.interrupt = &stop;
        Result<CheckAnswer> answer = explore::search(system_, observers_, search);
        done.store(true);
        watcher.join();
        return answer;
    }

    void say_late(CheckAnswer& answer) const {
        const std::string why = fmt::format("time limit of {:g} s", options_.seconds);
        const std::string interrupted = explore::kInterrupted;
        if (answer.ended == interrupted) answer.ended = why;
        for (PropertyOutcome& property : answer.properties) {
            const std::size_t at = property.reason.find(interrupted);
            if (open(property) && at != std::string::npos) property.reason.replace(at, interrupted.size(), why);
        }
    }

    /// The search is over and something is open.
    void wait_for_helpers(const CheckAnswer& answer) {
        for (std::size_t i = 0; i < answer.properties.size(); ++i) {
            if (!open(answer.properties[i])) board_.answered()[i].store(true);
        }
        board_.begin().store(!interrupted());
        const double until = options_.seconds > 0 ? options_.seconds : seconds_since(started_) + std::max(options_.least_grace, seconds_since(started_));
        while (helpers_->running() && !interrupted() && seconds_since(started_) < until) helpers_->wait();
        board_.finish().store(true);
        const auto told = Clock::now();
        while (helpers_->running() && seconds_since(told) < kTimeToTell) helpers_->wait();
    }

    void merge(CheckAnswer& answer) {
        std::vector<PropertyOutcome> said(answer.properties.size());
        if (helpers_->running() || !helpers_->take(said)) return;
        bool all = true;
        for (std::size_t i = 0; i < said.size(); ++i) {
            PropertyOutcome& property = answer.properties[i];
            if (!open(property)) continue;
            if (open(said[i])) {
                all = all && !asked(i);
                continue;
            }
            said[i].id = std::move(property.id);
            said[i].meaning = std::move(property.meaning);
            said[i].clauses = std::move(property.clauses);
            said[i].modality = property.modality;
            for (const std::string& bound : said[i].bounds_reached) {
                auto& known = answer.bounds_reached;
                if (std::find(known.begin(), known.end(), bound) == known.end()) known.push_back(bound);
            }
            if (said[i].witness && said[i].engine == std::string("ic3")) said[i].reason = "a shorter run may do the same";
            property = std::move(said[i]);
        }
        if (all && !interrupted() && !late_ && answer.ended == explore::kInterrupted) {
            answer.ended = "every question was answered before all states were visited";
        }
    }

    const ir::GroundSystem& system_;
    const std::vector<Observer>& observers_;
    const PortfolioOptions& options_;
    const Board board_;
    std::unique_ptr<Helpers> helpers_;  ///< none where nobody could help
    const Clock::time_point started_ = Clock::now();
    std::atomic<bool> late_ = false;
};

/// Whether somebody beside the search could answer anything that is asked.
bool worth_help(const std::vector<Observer>& observers, const PortfolioOptions& options) {
    if (options.search.depth_bound || options.search.witness != explore::WitnessOrder::kShortest) return false;
    const bool built_in = options.proof.deadlock || options.proof.unspecified;
    return built_in || std::any_of(observers.begin(), observers.end(), [](const Observer& observer) { return observer.kind != ObserverKind::kLeadsTo; });
}

}  // namespace

Result<CheckAnswer> search_with_help(const ir::GroundSystem& system, const std::vector<Observer>& observers, const PortfolioOptions& options) {
    const bool help = worth_help(observers, options);
    if (!help && options.seconds == 0) return explore::search(system, observers, options.search);
    return Portfolio(system, observers, options, help).run();
}

}  // namespace imspect::checker

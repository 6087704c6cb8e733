#include "tests/support/program.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "model/result.h"

namespace imspect::tests {
namespace {

/// What lies in the way is broken set-up, not a failed test.
void redirect(const char* path, int flags, int descriptor) {
    const int file = open(path, flags, 0644);
    if (file < 0 || dup2(file, descriptor) < 0) _exit(126);
    close(file);
}

pid_t start(const std::vector<std::string>& arguments, const std::string& out, const std::string& err) {
    std::vector<std::string> words{IMSPECT_BINARY};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    const pid_t child = fork();
    IMSPECT_REQUIRE(child >= 0, "fork");
    if (child > 0) return child;
    redirect("/dev/null", O_RDONLY, STDIN_FILENO);
    redirect(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
    redirect(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
    execv(pointers.front(), pointers.data());
    _exit(127);
}

Said finish(pid_t child, const std::string& out, const std::string& err) {
    int status = 0;
    IMSPECT_REQUIRE(waitpid(child, &status, 0) == child, "waitpid");
    Said said;
    said.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    said.out = file_content(out);
    said.err = file_content(err);
    std::filesystem::remove(out);
    std::filesystem::remove(err);
    return said;
}

std::string output_path(const std::string& name) {
    return std::string(IMSPECT_TEST_OUTPUT) + "/" + std::to_string(getpid()) + "-" + name;
}

}  // namespace

Said run_imspect(const std::vector<std::string>& arguments) {
    const std::string out = output_path("out");
    const std::string err = output_path("err");
    return finish(start(arguments, out, err), out, err);
}

Said run_imspect_and_signal(const std::vector<std::string>& arguments, int signal, int after_milliseconds) {
    const std::string out = output_path("out");
    const std::string err = output_path("err");
    const pid_t child = start(arguments, out, err);
    std::this_thread::sleep_for(std::chrono::milliseconds(after_milliseconds));
    kill(child, signal);
    return finish(child, out, err);
}

std::string said_in_shell(const std::string& command) {
    const std::string file = output_path("shell.out");
    const int status = std::system((command + " > " + file + " 2>&1").c_str());
    const std::string said = file_content(file);
    std::filesystem::remove(file);
    return said + (status == 0 ? "" : "status not 0");
}

std::string temporary_file(const std::string& name, const std::string& content) {
    const std::string path = output_path(name);
    std::ofstream(path, std::ios::binary) << content;
    return path;
}

std::string file_content(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream content;
    content << file.rdbuf();
    return content.str();
}

}  // namespace imspect::tests

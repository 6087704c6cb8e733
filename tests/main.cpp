// Catch2's main for every test executable; the slow part of Catch2 is compiled here once.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

using System.Collections.Immutable;
using Libp2p.Generators.Runtime;
using Microsoft.CodeAnalysis;

namespace Libp2p.Generators.Diagnostics;

/// <summary>LP2P0400 to LP2P0499: what does not come from the runtime.</summary>
internal static class RuntimeDiagnostics
{
    private const string Category = "Libp2p.Runtime";

    private static readonly DiagnosticDescriptor Hops = Warning(
        RuntimeRules.Hops, "Code leaves the node's scheduler", "'{0}' leaves the scheduler of the node, so that a run cannot be simulated: use {1}");

    private static readonly DiagnosticDescriptor Wakes = Warning(
        RuntimeRules.Wakes, "A wait ends on the thread pool", "Whoever waits for '{0}' goes on by the thread pool, so that a run cannot be simulated: use {1}");

    private static readonly DiagnosticDescriptor Clocks = Warning(
        RuntimeRules.Clocks, "A clock that is not the node's", "'{0}' is not the clock of the node, which a simulation moves: use {1}");

    private static readonly DiagnosticDescriptor Timers = Warning(
        RuntimeRules.Timers, "A timer that is not the node's", "'{0}' waits by another clock than the node's, or ends on the thread pool: use {1}");

    private static readonly DiagnosticDescriptor Randomness = Warning(
        RuntimeRules.Randomness, "Randomness that is not the node's", "'{0}' is not the randomness of the node, which a simulation repeats: use {1}");

    private static readonly DiagnosticDescriptor Network = Warning(
        RuntimeRules.Network, "A network that is not the node's", "'{0}' is not the network of the node, which may be a simulated one: use {1}");

    public static ImmutableArray<DiagnosticDescriptor> All { get; } = [Hops, Wakes, Clocks, Timers, Randomness, Network];

    public static DiagnosticDescriptor Of(string id) => All.Single(descriptor => descriptor.Id == id);

    private static DiagnosticDescriptor Warning(string id, string title, string message) =>
        new(id, title, message, Category, DiagnosticSeverity.Warning, isEnabledByDefault: true);
}

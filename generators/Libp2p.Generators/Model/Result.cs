namespace Libp2p.Generators.Model;

/// <summary>What a stage made of its input: a model, or none when something was reported that forbids emitting.</summary>
internal sealed record Result<T>(T? Value, EquatableArray<DiagnosticInfo> Diagnostics)
    where T : class, IEquatable<T>;

using System.Globalization;

namespace Libp2p.TestKit;

/// <summary>Something that happened in a simulation. Everything drawn, hashed or printed of a run is made from these.</summary>
/// <param name="Host">Where; null: nowhere in particular.</param>
public abstract record SimulationEvent(string? Host)
{
    /// <summary>When, since the start.</summary>
    public TimeSpan At { get; internal set; }

    /// <summary>What happened, without time and host; the same in every run of a seed.</summary>
    public abstract string Text { get; }

    /// <summary>The line of the trace: seconds, host, text.</summary>
    public string Line => string.Create(CultureInfo.InvariantCulture, $"{At.Ticks / TimeSpan.TicksPerSecond}.{At.Ticks % TimeSpan.TicksPerSecond:0000000} {Host ?? "-"} {Text}");

    /// <inheritdoc/>
    public sealed override string ToString() => Line;
}

/// <summary>Something that a test or a protocol wanted to be seen.</summary>
public sealed record NoteEvent(string? Host, string Note) : SimulationEvent(Host)
{
    /// <inheritdoc/>
    public override string Text => Note;
}

/// <summary>A host began, ended, or its clock jumped.</summary>
public sealed record HostEvent(string? Host, HostChange Change, string Detail) : SimulationEvent(Host)
{
    /// <inheritdoc/>
    public override string Text => Detail.Length == 0 ? Change.ToString() : $"{Change} {Detail}";
}

/// <summary>What became of a host.</summary>
public enum HostChange
{
    /// <summary>It is there.</summary>
    Started,

    /// <summary>It is gone, with everything but its store.</summary>
    Crashed,

    /// <summary>It is there again.</summary>
    Restarted,

    /// <summary>Its time of day jumped.</summary>
    ClockJumped,
}

/// <summary>The network was made worse, or better.</summary>
public sealed record FaultEvent(string Fault) : SimulationEvent((string?)null)
{
    /// <inheritdoc/>
    public override string Text => Fault;
}

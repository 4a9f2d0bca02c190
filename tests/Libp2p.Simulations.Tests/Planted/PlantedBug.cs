namespace Libp2p.Simulations.Tests.Planted;

/// <summary>Classic mistakes, each made by <see cref="Courier"/> where it is told to.</summary>
public enum PlantedBug
{
    /// <summary>It is right.</summary>
    None,

    /// <summary>The worker looks whether there is work, and then begins to wait: what comes in between wakes nobody.</summary>
    LostWakeUp,

    /// <summary>Credit is returned when exactly half of the window was consumed: where reads are larger than that, never again.</summary>
    ForgottenWindowUpdate,

    /// <summary>Two who need a connection at once each dial one.</summary>
    DoubleDial,

    /// <summary>What belongs to a stream is given back at its end, but not when it is reset.</summary>
    LeakOnReset,

    /// <summary>The time for the first parcel runs from its first byte on, not from the stream's beginning.</summary>
    LateDeadline,
}

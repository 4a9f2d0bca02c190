namespace Libp2p.Planted.Tests;

/// <summary>The mistake that is made on this thread: a simulation has one of its own. See Plant.targets for what each takes the place of.</summary>
internal static class Planted
{
    [ThreadStatic]
    public static PlantedBug Bug;

    public static bool Is(PlantedBug bug) => Bug == bug;
}

/// <summary>Classic mistakes, planted in yamux.</summary>
public enum PlantedBug
{
    /// <summary>It is right.</summary>
    None,

    /// <summary>Of several writers who wait for room in the output, the first alone is woken when there is some.</summary>
    LostWakeUp,

    /// <summary>Where a window may not grow any more, the credit that was due with it is not given either.</summary>
    ForgottenWindowUpdate,

    /// <summary>A stream whose window had grown gives back what that cost when it is closed or reset here, but not when the remote resets it.</summary>
    LeakOnReset,

    /// <summary>The time for a send begins one time later where the watch of an earlier one still runs.</summary>
    LateDeadline,
}

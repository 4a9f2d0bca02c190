namespace Libp2p.TestKit;

/// <summary>A simulation could not go on, or its test failed in it. The message says how to replay it and what each host did last.</summary>
public sealed class SimulationException : Exception
{
    /// <summary>With a message.</summary>
    public SimulationException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and what caused it.</summary>
    public SimulationException(string message, Exception? cause)
        : base(message, cause)
    {
    }

    /// <summary>The seed under which it failed; null before it is known.</summary>
    public int? Seed { get; init; }

    /// <summary>The smallest plan found that fails so; null where no plan was run.</summary>
    public SimulationPlan? Plan { get; init; }
}

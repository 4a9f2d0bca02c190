namespace Libp2p.TestKit;

/// <summary>How a <see cref="BytePair"/> behaves.</summary>
public sealed class BytePairOptions
{
    /// <summary>How many bytes that the receiver has not examined may be under way each way before a flush waits, at least 1. Default 64 KiB.</summary>
    public int Capacity { get; init; } = 64 * 1024;

    /// <summary>In which pieces both readers get the bytes. Default <see cref="MemorySegmentation.Whole"/>; in a simulation as its seed chooses.</summary>
    public MemorySegmentation Segmentation { get; init; } = Simulation.Current is { } simulation ? MemorySegmentation.Draw(simulation) : MemorySegmentation.Whole;

    /// <summary>Whether the ends have the feature <see cref="IGatherWriter"/>. Default true.</summary>
    public bool GatherWriter { get; init; } = true;

    /// <summary>Whether <see cref="MemoryWay.Recorded"/> keeps what is sent. Default false.</summary>
    public bool Record { get; init; }

    /// <summary>The addresses that the dialer knows (feature <see cref="ConnectionEndpoints"/>; the listener gets them swapped); null: none.</summary>
    public ConnectionEndpoints? Endpoints { get; init; }
}

/// <summary>Two byte connections joined in memory: the whole network of most tests, and a person in the middle.</summary>
public sealed class BytePair : IAsyncDisposable
{
    private BytePair(BytePairOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Capacity, 1);
        var up = new MemoryChannel(options.Capacity, options.Segmentation);
        var down = new MemoryChannel(options.Capacity, options.Segmentation);
        ToListener = new MemoryWay(up, options.Record);
        ToDialer = new MemoryWay(down, options.Record);
        var swapped = options.Endpoints is { } known ? new ConnectionEndpoints(known.Remote, known.Local) : null;
        Dialer = new MemoryByteConnection(down, up, options.GatherWriter, options.Endpoints);
        Listener = new MemoryByteConnection(up, down, options.GatherWriter, swapped);
        Dialer.Join(Listener);
        Listener.Join(Dialer);
    }

    /// <summary>The end that dialed.</summary>
    public MemoryByteConnection Dialer { get; }

    /// <summary>The end that accepted.</summary>
    public MemoryByteConnection Listener { get; }

    /// <summary>The wire from the dialer to the listener.</summary>
    public MemoryWay ToListener { get; }

    /// <summary>The wire from the listener to the dialer.</summary>
    public MemoryWay ToDialer { get; }

    /// <summary>Makes a connected pair.</summary>
    public static BytePair Create(BytePairOptions? options = null) => new(options ?? new BytePairOptions());

    /// <summary>Nothing is delivered either way until <see cref="Resume"/>: a cable pulled out.</summary>
    public void Stall()
    {
        ToListener.Stall();
        ToDialer.Stall();
    }

    /// <summary>Delivers again.</summary>
    public void Resume()
    {
        ToListener.Resume();
        ToDialer.Resume();
    }

    /// <summary>Disposes both ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await Dialer.DisposeAsync().ConfigureAwait(false);
        await Listener.DisposeAsync().ConfigureAwait(false);
    }
}

namespace Libp2p.Muxers.Yamux.Session;

/// <summary>What a session asks of the shell around it. Called outside the session's locks.</summary>
internal interface ISessionSink
{
    /// <summary>Whether a writer that holds the turn may send its own data with <see cref="SendAsync"/>.</summary>
    bool CanSend { get; }

    /// <summary>The time, for what users of streams do.</summary>
    long Now { get; }

    /// <summary>There is output, and the turn was taken for the shell: take batches until there are none.</summary>
    void OutputReady();

    /// <summary>
    /// Sends data frames straight from the caller's memory. The caller took the write turn and the credit; this gives the turn back.
    /// </summary>
    ValueTask SendAsync(uint stream, Wire.FrameFlags firstFlags, ReadOnlyMemory<byte> data);

    /// <summary>The session ended; its last frames are in its output.</summary>
    void Ended();

    /// <summary>Something is due earlier than before.</summary>
    void Arm(long due);
}

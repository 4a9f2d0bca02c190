namespace Libp2p.Node.Control;

/// <summary>The bounds of the control socket; <c>docs/control.md</c> repeats them for clients.</summary>
internal static class ControlLimits
{
    /// <summary>The longest request, in bytes, its newline not counted. A longer one is answered with an error and the client is dropped.</summary>
    public const int MaxRequest = 64 * 1024;

    /// <summary>The longest answer that the client of this program takes, in bytes.</summary>
    public const int MaxAnswer = 16 * 1024 * 1024;

    /// <summary>Clients at a time. A further one is told so and dropped.</summary>
    public const int MaxClients = 16;

    /// <summary>From a client's arrival, or its last answer, to the end of its next request. Then it is dropped.</summary>
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);

    /// <summary>How long an answer may take, and how long a client may take to read it.</summary>
    public static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long the program waits for the answer of a node, and for the end of one that was told to stop.</summary>
    public static readonly TimeSpan ClientTimeout = TimeSpan.FromSeconds(60);
}

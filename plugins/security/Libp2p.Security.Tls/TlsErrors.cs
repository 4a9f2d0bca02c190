namespace Libp2p.Security.Tls;

/// <summary>What <see cref="System.Net.Security.SslStream"/> throws, in this framework's words.</summary>
internal static class TlsErrors
{
    /// <summary>The innermost error's words, which name the alert.</summary>
    public static string Reason(Exception error) => error.InnerException is { } inner ? Reason(inner) : error.Message;

    /// <summary>The first of a kind among an error and its causes.</summary>
    public static T? Find<T>(Exception? error)
        where T : Exception
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is T found) return found;
        }

        return null;
    }

    /// <summary>Why a connection cannot go on.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="hasEnded">Whether the wire has ended.</param>
    public static Libp2pException Broken(Exception error, bool hasEnded) =>
        Find<Libp2pException>(error)
        ?? (hasEnded
            ? new SecureChannelException("The remote closed the connection within a TLS record.", error)
            : new SecureChannelException($"TLS failed: {Reason(error)}", error));
}

using System.Runtime.InteropServices;

namespace Libp2p.Crypto.OpenSsl;

/// <summary>The file that native code was loaded from: which of several libraries of a name the system's search found.</summary>
internal static unsafe class LoadedFile
{
    /// <summary>The path; null where the system does not tell.</summary>
    /// <param name="address">A function of the library.</param>
    public static string? Of(nint address)
    {
        if (OperatingSystem.IsWindows() || !NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "dladdr", out var dladdr))
        {
            return null;
        }

        DynamicInfo info = default;
        var found = ((delegate* unmanaged[Cdecl]<nint, DynamicInfo*, int>)dladdr)(address, &info);
        return found != 0 ? Marshal.PtrToStringUTF8(info.File) : null;
    }

    /// <summary>Dl_info.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct DynamicInfo
    {
        public nint File;
        public nint Base;
        public nint Symbol;
        public nint SymbolAddress;
    }
}
